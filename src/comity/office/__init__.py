"""The room that turns the wheel: clock, keys, disk and sockets are here alone; its core is synchronous, without I/O."""
