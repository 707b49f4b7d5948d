"""Words, results, errors, ports and pure decisions of Hongtou; standard library only.

Nothing here reads a clock, a file, the network or the environment: `now` and random numbers are passed in.
"""
