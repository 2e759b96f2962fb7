"""Drivers of UEs that are not in this process: a control server, a command, a person."""
