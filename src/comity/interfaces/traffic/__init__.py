"""Made-up traffic that flies as aircraft do, between real airfields: for demos, for load, and to try the watch with.

Every number comes from a seed: the same wish gives the same traffic on every machine.
"""
