"""The MC systems that a UE meets: servers that answer, record, and can misbehave on purpose."""
