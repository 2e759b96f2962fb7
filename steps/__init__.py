"""The sentences of the features: each finds evidence, applies a check, hands on what it found."""
