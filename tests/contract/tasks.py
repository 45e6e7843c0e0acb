"""Lines about tasks: a scan, a generation, the queue."""

from tests.contract.line import Data, Like, Line, Refused, done

SCAN = "mutation Scan { metadataScan(input: {}) }"
SCAN_NOWHERE = 'mutation Scan { metadataScan(input: {paths: ["/no/such/folder"]}) }'
SCANNED = {
    "status": "FINISHED",
    "subTasks": None,
    "error": None,
    "description": "Scanning...",
}
FOUND = """query Task($id: ID!) { findJob(input: {id: $id}) {
    status subTasks error description } }"""
QUEUE = "{ jobQueue { id status } }"

LINES = (
    Line(
        "a scan answers the number of its task",
        SCAN,
        Data({"metadataScan": Like(r"^\d+$")}),
        writes=True,
    ),
    Line(
        "so does a generation",
        "mutation Make { metadataGenerate(input: {covers: true}) }",
        Data({"metadataGenerate": Like(r"^\d+$")}),
        writes=True,
    ),
    *(
        Line(
            f"a scan {of} comes to its end, and can be found then",
            FOUND,
            Data({"findJob": SCANNED}),
            {"id": "{task}"},
            (done(scan, keep={"task": "metadataScan"}),),
            writes=True,
            within_s=20,
            since=(0, 26),
        )
        for of, scan in (("of all", SCAN), ("of what is not there", SCAN_NOWHERE))
    ),
    Line(
        "an empty queue is null",
        QUEUE,
        Data({"jobQueue": None}),
        before=(done(SCAN),),
        writes=True,
        within_s=20,
    ),
    Line(
        "an unknown task is null",
        FOUND,
        Data({"findJob": None}),
        {"id": "{missing}"},
        since=(0, 26),
    ),
    Line(
        "a task's id that is no number is an error, and null",
        FOUND,
        Refused('strconv.Atoi: parsing "abc": invalid syntax', {"findJob": None}),
        {"id": "abc"},
        since=(0, 26),
    ),
    Line(
        "to stop an unknown task is no error",
        "mutation Stop($id: ID!) { stopJob(job_id: $id) }",
        Data({"stopJob": True}),
        {"id": "{missing}"},
        writes=True,
    ),
    Line(
        "to stop a task by a word is one",
        'mutation Stop { stopJob(job_id: "abc") }',
        Refused('converting id: strconv.Atoi: parsing "abc": invalid syntax', None),
        writes=True,
    ),
)
