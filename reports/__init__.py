"""How a campaign is told: pages and files made from its journals and the catalogue alone."""
