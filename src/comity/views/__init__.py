"""What it means now: pure questions to (View, now). Nothing here can write."""
