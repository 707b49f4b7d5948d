"""The rehearsal's small sites, one module a shape: how each lists its pieces and shows one."""
