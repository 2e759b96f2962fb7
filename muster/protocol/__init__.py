"""The protocols that both sides speak; nothing here knows the rest of Muster."""
