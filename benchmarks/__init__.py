"""What is measured of Muster, and the page of evidence."""
