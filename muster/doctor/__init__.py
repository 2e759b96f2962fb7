"""`muster doctor`: is the laboratory fit, before verdicts count?"""
