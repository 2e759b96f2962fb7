"""The reference UE: a real client of both MC systems fed by documents alone."""
