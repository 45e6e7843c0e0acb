"""The detectors, in the order in which their findings are shown."""

from syncapp.analysis.detector import Detector
from syncapp.analysis.detectors.date import DATE

DETECTORS: tuple[Detector, ...] = (DATE,)
