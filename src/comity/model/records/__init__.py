"""What the acts about one thing add up to, in a view: pure questions, nothing stored."""
