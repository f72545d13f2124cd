"""Every module and name of the API can be imported."""
import importlib

NAMES = {
    "pycompss.api.api": """compss_start compss_stop compss_wait_on compss_wait_on_file compss_wait_on_directory compss_open compss_file_exists
        compss_delete_file compss_delete_object compss_barrier compss_barrier_group compss_cancel_group compss_snapshot
        compss_get_number_of_resources compss_request_resources compss_free_resources compss_set_wall_clock compss_add_logger TaskGroup""",
    "pycompss.api.parameter": """IN OUT INOUT CONCURRENT COMMUTATIVE IN_DELETE FILE FILE_IN FILE_OUT FILE_INOUT FILE_CONCURRENT FILE_COMMUTATIVE
        FILE_STDIN FILE_STDOUT FILE_STDERR FILE_IN_STDIN FILE_IN_STDOUT FILE_IN_STDERR FILE_OUT_STDIN FILE_OUT_STDOUT FILE_OUT_STDERR
        FILE_INOUT_STDIN FILE_INOUT_STDOUT FILE_INOUT_STDERR FILE_CONCURRENT_STDIN FILE_CONCURRENT_STDOUT FILE_CONCURRENT_STDERR
        FILE_COMMUTATIVE_STDIN FILE_COMMUTATIVE_STDOUT FILE_COMMUTATIVE_STDERR DIRECTORY DIRECTORY_IN DIRECTORY_OUT DIRECTORY_INOUT
        COLLECTION COLLECTION_IN COLLECTION_INOUT COLLECTION_OUT COLLECTION_IN_DELETE COLLECTION_FILE COLLECTION_FILE_IN COLLECTION_FILE_INOUT
        COLLECTION_FILE_OUT DICTIONARY DICTIONARY_IN DICTIONARY_INOUT DICTIONARY_OUT DICTIONARY_IN_DELETE STREAM_IN STREAM_OUT Type Direction
        StdIOStream Prefix Depth Weight Keep_rename Cache STDIN STDOUT STDERR""",
    "pycompss.api.exceptions": "COMPSsException",
    "pycompss.api.data_transformation": "data_transformation dt dto",
    "pycompss.interactive": "start stop current_task_graph complete_task_graph tasks_info tasks_status statistics resources_status",
    "pycompss.dds": "DDS",
    "pycompss.streams.distro_stream": "FileDistroStream ObjectDistroStream",
    **{f"pycompss.api.{name}": name for name in """task constraint implement binary mpi mpmd_mpi ompss opencl compss decaf julia multinode container
        http reduction on_failure prolog epilog IO local software""".split()},
}
missing = []
for module, names in NAMES.items():
    try:
        loaded = importlib.import_module(module)
    except ImportError as error:
        missing.append(f"{module} ({error})")
        continue
    missing += [f"{module}.{name}" for name in names.split() if not hasattr(loaded, name)]
print("missing:", missing)
assert not missing
