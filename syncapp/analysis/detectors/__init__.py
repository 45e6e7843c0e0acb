"""The detectors, in the order in which their findings are shown."""

from syncapp.analysis.detector import Detector

DETECTORS: tuple[Detector, ...] = ()
