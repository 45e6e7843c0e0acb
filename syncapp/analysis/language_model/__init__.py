"""Asks a language model which known names a scene's texts mean; off by default.

Whatever it answers, a proposal holds nothing but an entity that was offered, resting on
words that stand in the scene's own texts.
"""
