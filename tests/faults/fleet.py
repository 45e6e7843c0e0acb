"""The programs of a run together: started, kept running, whole or not, stopped."""

import shutil
import tempfile
from pathlib import Path

from jobs.monitoring import workers
from tests.faults.environment import MARK, Environment
from tests.faults.nodes import Node, marked, web_answers
from tests.waiting import wait_until

START_S = 90.0
SILENT = {"lost", "frozen"}
UP = ("up", "--no-browser", "--no-demo")
WORKER = ("worker",)


class Fleet:
    def __init__(self, environment: Environment, *programs: tuple[str, ...]) -> None:
        """Plan one node for each program; the second queue sends everything twice."""
        self.environment = environment
        env = {**environment.variables(), MARK: environment.mark}
        again = {**env, "FAULTS_RETRY_S": "3"}
        self.nodes = [
            Node(name, [*words], env if name == "a" else again, environment.logs / name)
            for name, words in zip("abcdefgh", programs, strict=False)
        ]
        self.has_web = UP in programs

    def start(self) -> None:
        """Start all; what they are made of once they have settled is whole."""
        for node in self.nodes:
            node.start()
        wait_until(self.has_settled, within=START_S, every=1)

    def has_settled(self) -> bool:
        """Return whether all has started and is as it was a second ago."""
        before = [node.whole for node in self.nodes]
        for node in self.nodes:
            node.whole = node.at_work()
        started = all("pusher" in whole for whole in before) and self.answers()
        return started and before == [node.whole for node in self.nodes]

    def answers(self) -> bool:
        return not self.has_web or web_answers(self.environment.port)

    def keep(self) -> None:
        for node in self.nodes:
            node.keep()

    def operate(self) -> None:
        """Do what the page of workers asks a person for: end what is frozen.

        That is only what nothing of ours stands above: a machine, or a worker that no
        `up` keeps.
        """
        named = {node.pid for node in workers.overview().nodes if node.state in SILENT}
        for node in self.nodes:
            supervisors = node.kin().get("supervisor", [])
            if node.is_frozen() and {each.pid for each in supervisors} & named:
                node.kill()

    def is_whole(self) -> bool:
        return all(node.is_whole() for node in self.nodes) and self.answers()

    def missing(self) -> str:
        """Say of which processes there are more or fewer than there should be."""
        counts = {
            node.name: node.at_work() for node in self.nodes if not node.is_whole()
        }
        return "; ".join(f"{name} has {has}" for name, has in counts.items())

    def stop(self) -> list[str]:
        """Stop all; returns, in sentences, what was left."""
        for node in self.nodes:
            node.stop()
        left = marked(self.environment.mark)
        for process in left:
            process.kill()
        return [f"process {process.pid} was left after the stop" for process in left]

    def logs(self) -> str:
        """Return all that the programs said."""
        return "\n".join(node.said() for node in self.nodes)

    def keep_logs(self) -> Path:
        """Put what the programs said where it stays; returns where."""
        folder = Path(tempfile.mkdtemp(prefix="steward-faults-logs-"))
        return Path(shutil.copytree(self.environment.logs, folder, dirs_exist_ok=True))
