"""Later versions of the content and the program, for a handbook that was adopted."""

import re
from pathlib import Path
from typing import NamedTuple

from macros.editing.adoption import OWNERS, PICTURES
from macros.sources import git
from macros.text.problems import RefusedError

OWN = ("data/teams", "data/organisation.yaml", "data/figures.jsonl", "docs/look", *OWNERS, PICTURES)
"""What stays as it is: in the handbook that the updates come from, these are the worked example's."""


class Taken(NamedTuple):
    """What a merge has changed, the files that both sides changed in one place, and whether one has begun."""

    changed: tuple[str, ...]
    conflicts: tuple[str, ...]
    begun: bool = True


def take(root: Path, version: str) -> Taken:
    """Merge a version of the handbook, such as `upstream/main`, without a commit; `OWN` stays as it is.

    Raises `RefusedError`, with nothing changed, where that can't be done, and `GitError` where git can't be run.
    """
    _check(root, version)
    if git.run(root, "merge-base", "--is-ancestor", version, "HEAD").returncode == 0:
        return Taken((), (), begun=False)
    # Git would take the folders of the example's teams for moved ones, and put new files of theirs into others'.
    merge = git.run(root, "-c", "merge.directoryRenames=false", "merge", "--no-commit", "--no-ff", version)
    if not git.is_commit(root, "MERGE_HEAD"):
        words = (merge.stderr or merge.stdout).strip()
        raise RefusedError(f"git can't merge `{version}`: {words}; docs/contribute/adopt.md says more")
    _restore_own(root)
    conflicts = git.output(root, "diff", "--name-only", "--diff-filter=U").splitlines()
    staged = git.output(root, "diff", "--cached", "--name-only", "HEAD").splitlines()
    return Taken(tuple(sorted({*staged} - {*conflicts})), tuple(conflicts))


def _restore_own(root: Path) -> None:
    """Put `OWN` back as the last commit has it, also where the merge has conflicts or new files."""
    there = [path for path in OWN if git.output(root, "ls-tree", "HEAD", "--", path)]
    remove = ("rm", "-r", "--quiet", "--force", "--ignore-unmatch", "--", *OWN)
    for step in (remove, ("checkout", "--quiet", "HEAD", "--", *there)):
        done = git.run(root, *step)
        if done.returncode:
            raise RefusedError(f"{done.stderr.strip()}; `git merge --abort` undoes the unfinished merge")


def _check(root: Path, version: str) -> None:
    prefix = git.run(root, "rev-parse", "--show-prefix")
    if prefix.returncode or prefix.stdout.strip():
        raise RefusedError("updates need git, and the handbook isn't the root of a git repository here")
    if git.is_commit(root, "MERGE_HEAD"):
        raise RefusedError("a merge is in progress; finish it with `git commit`, or undo it with `git merge --abort`")
    if re.search(r"(?m)^illustration:", (root / "data/organisation.yaml").read_text(encoding="utf-8")):
        raise RefusedError("the worked example is still here; adopt the handbook first, or use git pull")
    changed = git.output(root, "status", "--porcelain", "--untracked-files=no")
    if changed:
        raise RefusedError(f"{changed.splitlines()[0][3:]} has changes; commit them first, so that this can be undone")
    if not git.is_commit(root, version):
        todo = "once: git remote add upstream ADDRESS, then: git fetch upstream"
        raise RefusedError(f"git doesn't know `{version}`; {todo}")


def as_text(taken: Taken) -> str:
    """A line for each file, then what to do."""
    if not taken.begun:
        return "already up to date"
    both = (f"{path}: changed on both sides; choose, then: git add {path}" for path in taken.conflicts)
    lines = [*taken.changed, *both] or ["The update changes only the worked example."]
    review = "Nothing is committed yet. Review it (git diff --cached), then: make check, git commit."
    return "\n".join((*lines, f"{review} git merge --abort undoes it."))
