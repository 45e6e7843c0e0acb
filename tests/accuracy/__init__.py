"""Labelled scenes, what detectors make of them, and how sure they may be.

Whoever writes detectors reads the open parts as much as they like, and never `sealed`.
"""
