"""The live page: what a campaign does, followed in a browser while its journals are written."""
