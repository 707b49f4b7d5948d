"""Everything a run without the outside world needs: local receivers of mail and webhooks, and local sites."""
