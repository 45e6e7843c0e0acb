"""The detectors, in the order in which their findings are shown."""

from syncapp.analysis.detector import Detector, LibraryDetector
from syncapp.analysis.detectors.date import DATE
from syncapp.analysis.detectors.details import DETAILS
from syncapp.analysis.detectors.duplicates import DUPLICATES
from syncapp.analysis.detectors.marks import MARKS
from syncapp.analysis.detectors.title import TITLE

DETECTORS: tuple[Detector, ...] = (DATE, TITLE, MARKS, DETAILS)
# These look at all scenes of a source together.
LIBRARY_DETECTORS: tuple[LibraryDetector, ...] = (DUPLICATES,)
