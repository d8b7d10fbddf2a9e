"""The bytes of files dropped in a page: the server keeps them until the session ends, unless told to let go of them."""

from __future__ import annotations

import hashlib

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from ozoir.exploitation.memoire import return_what_is_left

_PRINTS = "televersements"


def print_of(file: UploadedFile) -> str:
    """Of its name and content, known once and for all: the content may be gone at the next run."""
    prints: dict[str, str] = st.session_state.setdefault(_PRINTS, {})
    if file.file_id not in prints:
        prints[file.file_id] = hashlib.sha256(file.name.encode() + b"\0" + file.getvalue()).hexdigest()
    return prints[file.file_id]


def let_go(file: UploadedFile, zone: str) -> None:
    """The file stays in the list of the drop zone (its key), empty; none of its bytes stay in memory."""
    if not file.getbuffer().nbytes:
        return
    context = get_script_run_ctx()
    context.uploaded_file_mgr.add_file(context.session_id, UploadedFileRec(file.file_id, file.name, file.type, b""))
    held = st.session_state[zone]  # the framework gave us a copy of what it keeps until the next run
    for item in (file, *(held if isinstance(held, list) else [held])):
        if item.file_id == file.file_id:
            item.seek(0)
            item.truncate()
    return_what_is_left()  # a reading that failed leaves a cycle, small for the collector, which holds the whole file
