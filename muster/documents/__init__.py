"""Configuration documents: parsed safely, validated by two engines, recognised, judged by rules."""
