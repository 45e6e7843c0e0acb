"""The detectors, in the order in which their findings are shown."""

from syncapp.analysis.detector import Detector, LibraryDetector
from syncapp.analysis.detectors.duplicates import DUPLICATES

DETECTORS: tuple[Detector, ...] = ()
# These look at all scenes of a source together.
LIBRARY_DETECTORS: tuple[LibraryDetector, ...] = (DUPLICATES,)
