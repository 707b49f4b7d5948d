"""Settings models, their loader, and the shipped defaults: sources, lexicon, routes."""
