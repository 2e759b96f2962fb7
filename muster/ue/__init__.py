"""The UE side: driver contract, reference UE, its faulty relatives, its conformant variants."""
