"""What is allowed: `judge`, the table act -> rules, one file a chapter of the agreement."""
