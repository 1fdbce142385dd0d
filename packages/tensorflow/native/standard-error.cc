/*
 * Turns standard error off and on. TensorFlow writes there while it is loaded, before any of its own switches works:
 * that oneDNN is on, that there is no CUDA. Errors are thrown, and come through.
 */
#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

namespace {

/** () -> a number to give to `restore`; -1 when nothing was changed. */
napi_value Mute(napi_env env, napi_callback_info) {
  int kept = -1;
  const int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere >= 0) {
    kept = dup(STDERR_FILENO);
    if (kept >= 0) dup2(nowhere, STDERR_FILENO);
    close(nowhere);
  }
  napi_value result;
  napi_create_int32(env, kept, &result);
  return result;
}

/** (number from `mute`) */
napi_value Restore(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  int32_t kept = -1;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  if (count == 1) napi_get_value_int32(env, argument, &kept);
  if (kept >= 0) {
    dup2(kept, STDERR_FILENO);
    close(kept);
  }
  return nullptr;
}

napi_value Init(napi_env env, napi_value exports) {
  const napi_property_descriptor functions[] = {
      {"mute", nullptr, Mute, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"restore", nullptr, Restore, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, 2, functions);
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)
