/*
 * What tfjs' binding doesn't tell: TensorFlow's version, its devices, and where a matrix product really runs.
 *
 * Built beside the binding, against the same TensorFlow; C API and Node-API alone. The device is chosen as the binding
 * does it: the last GPU, else the CPU.
 */
#include <node_api.h>

#include <cstring>
#include <string>
#include <vector>

#include "tensorflow/c/c_api.h"
#include "tensorflow/c/eager/c_api.h"

namespace {

struct Status {
  TF_Status* status = TF_NewStatus();
  ~Status() { TF_DeleteStatus(status); }
  bool ok() const { return TF_GetCode(status) == TF_OK; }
};

napi_value Text(napi_env env, const std::string& text) {
  napi_value value;
  napi_create_string_utf8(env, text.c_str(), text.size(), &value);
  return value;
}

napi_value Fail(napi_env env, const Status& status) {
  napi_throw_error(env, nullptr, TF_Message(status.status));
  return nullptr;
}

napi_value Version(napi_env env, napi_callback_info) { return Text(env, TF_Version()); }

/** Multiplies two matrices [n, n] of ones; gives the device that holds the product, or "" with `status` set. */
std::string ProductDevice(TFE_Context* context, const std::string& device, Status& status) {
  const int64_t shape[2] = {64, 64};
  std::vector<TFE_TensorHandle*> handles;
  for (int i = 0; i < 2; i++) {
    TF_Tensor* tensor = TF_AllocateTensor(TF_FLOAT, shape, 2, 64 * 64 * sizeof(float));
    float* values = static_cast<float*>(TF_TensorData(tensor));
    for (int k = 0; k < 64 * 64; k++) values[k] = 1.0f;
    handles.push_back(TFE_NewTensorHandle(tensor, status.status));
    TF_DeleteTensor(tensor);
  }
  std::string found;
  TFE_Op* product = TFE_NewOp(context, "MatMul", status.status);
  if (status.ok()) TFE_OpSetDevice(product, device.c_str(), status.status);
  for (TFE_TensorHandle* handle : handles)
    if (status.ok()) TFE_OpAddInput(product, handle, status.status);
  if (status.ok()) {
    TFE_TensorHandle* outputs[1] = {nullptr};
    int count = 1;
    TFE_Execute(product, outputs, &count, status.status);
    if (status.ok()) {
      const char* name = TFE_TensorHandleBackingDeviceName(outputs[0], status.status);
      if (status.ok()) found = name;
      TF_Tensor* values = status.ok() ? TFE_TensorHandleResolve(outputs[0], status.status) : nullptr;
      if (values != nullptr) {
        if (static_cast<float*>(TF_TensorData(values))[0] != 64.0f)
          TF_SetStatus(status.status, TF_INTERNAL, "a matrix product of ones came out wrong");
        TF_DeleteTensor(values);
      }
      TFE_DeleteTensorHandle(outputs[0]);
    }
  }
  if (product != nullptr) TFE_DeleteOp(product);
  for (TFE_TensorHandle* handle : handles) TFE_DeleteTensorHandle(handle);
  return found;
}

/** () -> { devices: string[], product: string }: the devices' names, and the one that a matrix product ran on. */
napi_value Placement(napi_env env, napi_callback_info) {
  Status status;
  TFE_ContextOptions* options = TFE_NewContextOptions();
  TFE_Context* context = TFE_NewContext(options, status.status);
  TFE_DeleteContextOptions(options);
  if (!status.ok()) return Fail(env, status);

  napi_value devices;
  napi_create_array(env, &devices);
  std::string cpu, gpu;
  TF_DeviceList* list = TFE_ContextListDevices(context, status.status);
  const int count = status.ok() ? TF_DeviceListCount(list) : 0;
  for (int i = 0; i < count && status.ok(); i++) {
    const std::string name = TF_DeviceListName(list, i, status.status);
    const std::string type = status.ok() ? TF_DeviceListType(list, i, status.status) : "";
    if (type == "CPU") cpu = name;
    if (type == "GPU") gpu = name;
    napi_set_element(env, devices, i, Text(env, name));
  }
  if (list != nullptr) TF_DeleteDeviceList(list);

  const std::string product = status.ok() ? ProductDevice(context, gpu.empty() ? cpu : gpu, status) : "";
  TFE_DeleteContext(context);
  if (!status.ok()) return Fail(env, status);

  napi_value result;
  napi_create_object(env, &result);
  napi_set_named_property(env, result, "devices", devices);
  napi_set_named_property(env, result, "product", Text(env, product));
  return result;
}

napi_value Init(napi_env env, napi_value exports) {
  const napi_property_descriptor functions[] = {
      {"version", nullptr, Version, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"placement", nullptr, Placement, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, 2, functions);
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)
