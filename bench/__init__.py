"""Measurements as ratios against a bound in the same run; results are checked equal before anything is timed."""
