"""The one error of the UE: a step that did not succeed and ends the operation it belongs to."""


class Refusal(Exception):
    """A step of an operation failed for a reason outside the UE; the reason is the message."""
