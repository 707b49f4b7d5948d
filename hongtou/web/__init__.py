"""What the daemon tells over HTTP: whether it is alive and ready, and figures for Prometheus."""
