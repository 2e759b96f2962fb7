"""Bundles of a campaign: packed, signed, verified, certified."""
