"""Proven logs in the C2SP formats: trees, signatures, notes, tiles, proofs, policies, and stores to keep them.

It knows nothing of what a log says, needs the standard library and cryptography only, and is of use on its own.
"""
