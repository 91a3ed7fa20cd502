"""Scenario files: written for people who keep agreements, played over offices in memory; see `player`.

Nothing is imported here: who needs one module of this room does not wait for all of it.
"""
