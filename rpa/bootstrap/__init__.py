"""The one place where adapters are chosen.

``register`` opens the register alone and is quick to import; ``toolbox`` opens every room.
"""
