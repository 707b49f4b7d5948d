"""APScheduler ticks and cron expressions."""
