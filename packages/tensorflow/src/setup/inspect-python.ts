/** A program for Python that says, as JSON, what it is and which TensorFlow it has, without loading it. */
export const INSPECT_PYTHON = `
import importlib.metadata, importlib.util, json, os, re, runpy, sys

def version(folder):
    for name in ("tensorflow", "tensorflow-cpu", "tf-nightly", "tf-nightly-cpu", "tensorflow-macos", "intel-tensorflow"):
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            pass
    return "unknown"

def has(name):
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False

found = {"executable": sys.executable, "python": list(sys.version_info[:2]), "bits": 64 if sys.maxsize > 2**32 else 32,
         "pip": has("pip"), "venv": has("venv") and has("ensurepip")}
try:
    spec = importlib.util.find_spec("tensorflow")
except (ImportError, ValueError):
    spec = None
if spec is not None and spec.origin:
    folder = os.path.dirname(os.path.realpath(spec.origin))
    tensorflow = {"folder": folder, "version": version(folder)}
    try:
        build = runpy.run_path(os.path.join(folder, "python", "platform", "build_info.py"))["build_info"]
        if build.get("is_cuda_build"):
            tensorflow["cuda"] = str(build.get("cuda_version", "unknown"))
            tensorflow["cudnn"] = str(build.get("cudnn_version", "unknown"))
    except Exception:
        pass
    found["tensorflow"] = tensorflow
print(json.dumps(found))
`
