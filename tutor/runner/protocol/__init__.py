"""What UI, session host and kernel say to each other: stdlib only, Python 3.9, because the kernel imports it too.

*Requests* (`requests`) go from a client to the host, and most of them on to the kernel. *Events* come back, about the
session and its kernel (`session_events`) and about a run (`run_events`). Those with `journaled = True` are written to
the journal with a sequence number `seq` (1, 2, 3, …) and a wall-clock `time` before any client sees them, so that a
client is nothing but the last `seq` it has read. The others (gauges, replies) are sent to whoever is attached and
forgotten.

The kernel receives `Run`, `Check`, `Answer`, `Watch` and `Interrupt(force=True)` as they are and sends events with
`seq` 0; the host stamps them. What the processes of a session say among themselves is `engine`. What messages are made
of is `parts`, and how they travel `wire`.
"""
