"""The detectors, in the order in which their findings are shown."""

from syncapp.analysis.detector import Detector
from syncapp.analysis.detectors.date import DATE
from syncapp.analysis.detectors.details import DETAILS
from syncapp.analysis.detectors.marks import MARKS
from syncapp.analysis.detectors.title import TITLE

DETECTORS: tuple[Detector, ...] = (DATE, TITLE, MARKS, DETAILS)
