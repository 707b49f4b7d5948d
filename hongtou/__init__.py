"""Use cases, wiring, command line, daemon and rehearsal."""
