// The native door of the System torch provider: a C ABI around libtorch's boxed dispatcher, so that every operator that
// the installed libtorch registers is reachable by name, without one wrapper per operator.
//
// Conventions: a tensor handle is a c10::TensorImpl* that owns one reference (0: an undefined tensor); a function that can
// fail returns -1 (or a null pointer) and leaves a message for nt_error() on the calling thread.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/grad_mode.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/Allocator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <torch/csrc/api/include/torch/version.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/variable.h>
#include <torch/csrc/jit/api/compilation_unit.h>
#include <torch/csrc/jit/frontend/resolver.h>
#include <torch/library.h>

#include <atomic>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#define NT_TORCH (TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR)

#if NT_TORCH < 200
#include <ATen/ops/gelu_backward_cpu_dispatch.h>
#include <ATen/ops/native_batch_norm_backward_cpu_dispatch.h>
#endif
#if NT_TORCH < 203
namespace maybe = c10;   // libtorch's own optional, before it was the standard's
#else
#include <optional>
namespace maybe = std;
#endif

#define NT_API extern "C" __attribute__((visibility("default")))

namespace {

using Handle = c10::TensorImpl*;
using c10::IValue;
using c10::TypeKind;

// One argument or result; mirrored by NativeArg in Interop/NativeArg.cs.
struct Arg {
  int32_t tag;
  int32_t n;      // length of a list or string, index of a device
  int64_t v;      // value, bits of a double, or address
};

enum Tag : int32_t {
  kNone, kTensor, kInt, kDouble, kBool, kIntList, kDoubleList, kBoolList, kTensorList, kString, kDevice, kOptTensorList,
  kComplex, kDefault, kGenerator
};

// What a schema argument takes, unwrapped from Optional: enough to convert a number into the form that boxing demands.
struct Param {
  TypeKind kind = TypeKind::AnyType;
  bool list = false;
  bool optional_elements = false;
  IValue fallback;
  bool has_fallback = false;
};

struct Op {
  std::unique_ptr<c10::OperatorHandle> handle;
  torch::jit::Function* function = nullptr;   // a function of a compiled unit, when not a registered operator
  std::vector<Param> params;
};

std::atomic<int64_t> live{0};
thread_local std::string last_error;
thread_local int64_t last_managed_error = 0;   // a GCHandle of the exception, where managed code failed inside native code

// Carries a managed exception through native frames, also from a thread of the backward engine to the one that waits.
struct ManagedError : std::runtime_error {
  int64_t exception;
  explicit ManagedError(int64_t e) : std::runtime_error("managed code failed inside backward"), exception(e) {}
};

Handle give(at::Tensor t) {
  if (!t.defined()) return nullptr;
  live.fetch_add(1, std::memory_order_relaxed);
  return t.unsafeReleaseTensorImpl();
}

at::Tensor borrow(Handle h) {
  if (h == nullptr) return at::Tensor();
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(h));
}

template <class F>
int32_t guarded(F&& body) {
  last_managed_error = 0;
  try {
    return body();
  } catch (const ManagedError& e) {
    last_managed_error = e.exception;
    last_error = e.what();
  } catch (const c10::Error& e) {
    last_error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    last_error = e.what();
  } catch (...) {
    last_error = "an unknown native exception";
  }
  return -1;
}

Param describe(const c10::Argument& a) {
  Param p;
  c10::TypePtr type = a.type();
  if (auto optional = type->cast<c10::OptionalType>()) type = optional->getElementType();
  if (auto list = type->cast<c10::ListType>()) {
    p.list = true;
    type = list->getElementType();
    if (auto element = type->cast<c10::OptionalType>()) {
      p.optional_elements = true;
      type = element->getElementType();
    }
  }
  p.kind = type->kind();
  if (a.default_value()) {
    p.fallback = *a.default_value();
    p.has_fallback = true;
  } else if (a.type()->cast<c10::OptionalType>()) {
    p.has_fallback = true;
  }
  return p;
}

std::unique_ptr<Op> make_op(const c10::FunctionSchema& schema) {
  auto op = std::make_unique<Op>();
  for (const auto& a : schema.arguments()) op->params.push_back(describe(a));
  return op;
}

const char* name_of(const Op& op, std::string& room) {
  if (op.function) return (room = op.function->name()).c_str();
  room = op.handle->operator_name().name;
  const auto& overload = op.handle->operator_name().overload_name;
  if (!overload.empty()) room += "." + overload;
  return room.c_str();
}

bool wants_double(const Param& p) { return p.kind == TypeKind::FloatType; }

double bits(int64_t v) {
  double d;
  std::memcpy(&d, &v, sizeof d);
  return d;
}

template <class T, class S>
c10::List<T> list_of(const S* data, int32_t n) {
  c10::List<T> l;
  l.reserve(n);
  for (int32_t i = 0; i < n; ++i) l.push_back(static_cast<T>(data[i]));
  return l;
}

IValue unpack(const Op& op, size_t position, const Arg& a) {
  const Param& p = op.params[position];
  switch (a.tag) {
    case kNone:
      return IValue();
    case kDefault:
      break;
    case kTensor: {
      auto* h = reinterpret_cast<Handle>(a.v);
      if (p.list) {
        c10::List<at::Tensor> one;
        one.push_back(borrow(h));
        return one;
      }
      return borrow(h);
    }
    case kInt:
      if (p.list) {
        if (wants_double(p)) return list_of<double>(&a.v, 1);
        return list_of<int64_t>(&a.v, 1);
      }
      if (wants_double(p)) return static_cast<double>(a.v);
      if (p.kind == TypeKind::BoolType) return a.v != 0;
      return a.v;
    case kDouble:
      if (p.list) {
        double d = bits(a.v);
        return list_of<double>(&d, 1);
      }
      return bits(a.v);
    case kBool:
      return a.v != 0;
    case kIntList: {
      auto* data = reinterpret_cast<const int64_t*>(a.v);
      if (wants_double(p)) return list_of<double>(data, a.n);
      return list_of<int64_t>(data, a.n);
    }
    case kDoubleList:
      return list_of<double>(reinterpret_cast<const double*>(a.v), a.n);
    case kBoolList:
      return list_of<bool>(reinterpret_cast<const uint8_t*>(a.v), a.n);
    case kTensorList:
    case kOptTensorList: {
      auto* data = reinterpret_cast<const Handle*>(a.v);
      if (p.optional_elements) {
        c10::List<maybe::optional<at::Tensor>> l;
        l.reserve(a.n);
        for (int32_t i = 0; i < a.n; ++i) {
          if (data[i]) l.push_back(borrow(data[i]));
          else l.push_back(maybe::optional<at::Tensor>());
        }
        return l;
      }
      c10::List<at::Tensor> l;
      l.reserve(a.n);
      for (int32_t i = 0; i < a.n; ++i) l.push_back(borrow(data[i]));
      return l;
    }
    case kString:
      return std::string(reinterpret_cast<const char*>(a.v), static_cast<size_t>(a.n));
    case kDevice:
      return c10::Device(static_cast<c10::DeviceType>(a.v), static_cast<c10::DeviceIndex>(a.n));
    case kComplex: {
      auto* parts = reinterpret_cast<const double*>(a.v);
      return IValue(c10::complex<double>(parts[0], parts[1]));
    }
    case kGenerator:
      return *reinterpret_cast<const at::Generator*>(a.v);
    default:
      TORCH_CHECK(false, "unknown argument tag ", a.tag);
  }
  std::string room;
  TORCH_CHECK(p.has_fallback, name_of(op, room), ": argument ", position, " has no default and was not given");
  return p.fallback;
}

template <class L>
void pack_tensors(const L& tensors, Arg& out) {
  out.n = static_cast<int32_t>(tensors.size());
  auto* handles = new Handle[tensors.size() + 1];
  for (size_t i = 0; i < tensors.size(); ++i) handles[i] = give(tensors[i]);
  out.tag = kTensorList;
  out.v = reinterpret_cast<int64_t>(handles);
}

void pack(IValue&& value, Arg& out) {
  out = Arg{kNone, 0, 0};
  if (value.isTensor()) {
    out.tag = kTensor;
    out.v = reinterpret_cast<int64_t>(give(std::move(value).toTensor()));
  } else if (value.isInt()) {
    out.tag = kInt;
    out.v = value.toInt();
  } else if (value.isBool()) {
    out.tag = kBool;
    out.v = value.toBool();
  } else if (value.isDouble()) {
    double d = value.toDouble();
    out.tag = kDouble;
    std::memcpy(&out.v, &d, sizeof d);
  } else if (value.isTensorList()) {
    pack_tensors(value.toTensorVector(), out);
  } else if (!value.isNone()) {
    TORCH_CHECK(false, "a result of type ", value.tagKind(), " has no form in this interface");
  }
}

template <class F>
int32_t for_each_handle(const Handle* data, int32_t n, F&& f) {
  for (int32_t i = 0; i < n; ++i) f(borrow(data[i]));
  return 0;
}

std::vector<at::Tensor> vector_of(const Handle* data, int32_t n) {
  std::vector<at::Tensor> v;
  v.reserve(n);
  for_each_handle(data, n, [&](at::Tensor t) { v.push_back(std::move(t)); });
  return v;
}

// oneDNN's gelu backward writes into a buffer of its own when the gradient's strides differ from the input's (seen with
// libtorch 1.13.1 and oneDNN 2.6.3), which leaves the result uninitialised. A gradient in the input's layout avoids that.
#if NT_TORCH < 200
at::Tensor gelu_backward_same_layout(const at::Tensor& grad, const at::Tensor& self, c10::string_view approximate) {
  bool differ = self.is_contiguous() && !grad.is_contiguous();
  return at::cpu::gelu_backward(differ ? grad.contiguous() : grad, self, approximate);
}

// The backward of batch norm reads a channels-last gradient as if it lay in the input's order (seen with libtorch 1.13.1: input
// contiguous, gradient of a permutation). A gradient in the input's layout avoids that: the one that the kernel sees in it, which
// for a batch of one is not always the one that the tensor suggests.
at::MemoryFormat format_of(const at::Tensor& t) {
  if (t.is_contiguous()) return at::MemoryFormat::Contiguous;
  if (t.dim() == 4 && t.is_contiguous(at::MemoryFormat::ChannelsLast)) return at::MemoryFormat::ChannelsLast;
  if (t.dim() == 5 && t.is_contiguous(at::MemoryFormat::ChannelsLast3d)) return at::MemoryFormat::ChannelsLast3d;
  return at::MemoryFormat::Contiguous;
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> batch_norm_backward_same_layout(
    const at::Tensor& grad, const at::Tensor& input, const c10::optional<at::Tensor>& weight, const c10::optional<at::Tensor>& running_mean,
    const c10::optional<at::Tensor>& running_var, const c10::optional<at::Tensor>& save_mean, const c10::optional<at::Tensor>& save_invstd,
    bool train, double eps, std::array<bool, 3> output_mask) {
  return at::cpu::native_batch_norm_backward(
      grad.contiguous(format_of(input)), input, weight, running_mean, running_var, save_mean, save_invstd, train, eps, output_mask);
}

struct Silent : c10::WarningHandler {
  void process(const c10::SourceLocation&, const std::string&, const bool) override {}
};

void install_repairs() {
  Silent silent;   // that a kernel is replaced is the point
  c10::Warning::WarningHandlerGuard quiet(&silent);
  static torch::Library library(torch::Library::IMPL, "aten", maybe::make_optional(c10::DispatchKey::CPU), __FILE__, __LINE__);
  library.impl("gelu_backward", TORCH_FN(gelu_backward_same_layout));
  library.impl("native_batch_norm_backward", TORCH_FN(batch_norm_backward_same_layout));
}
#else
void install_repairs() {}
#endif

}  // namespace

NT_API const char* nt_error() { return last_error.c_str(); }

// The managed exception behind the last error of this thread, or 0; whoever takes it frees it.
NT_API int64_t nt_take_managed_error() { return std::exchange(last_managed_error, 0); }

NT_API const char* nt_version() { return TORCH_VERSION; }

NT_API int32_t nt_init() {
  return guarded([] {
    install_repairs();
    return 0;
  });
}

NT_API int64_t nt_live() { return live.load(std::memory_order_relaxed); }

NT_API void nt_free(Handle h) {
  live.fetch_sub(1, std::memory_order_relaxed);
  c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(h);
}

NT_API Handle nt_retain(Handle h) { return give(borrow(h)); }

NT_API void nt_free_list(Handle* handles) { delete[] handles; }

// ---- operators

NT_API Op* nt_find(const char* name, const char* overload) {
  Op* found = nullptr;
  guarded([&] {
    auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
    if (!handle) {
      last_error = std::string("this libtorch (") + TORCH_VERSION + ") has no operator '" + name +
                   (*overload ? std::string(".") + overload : std::string()) + "'";
      return -1;
    }
    auto op = make_op(handle->schema());
    op->handle = std::make_unique<c10::OperatorHandle>(*handle);
    found = op.release();
    return 0;
  });
  return found;
}

// Calls an operator. Arguments that are not given take the schema's defaults. Returns the number of results written.
NT_API int32_t nt_call(const Op* op, const Arg* args, int32_t nargs, Arg* results, int32_t room) {
  return guarded([&]() -> int32_t {
    size_t arity = op->params.size();
    std::string text;
    TORCH_CHECK(static_cast<size_t>(nargs) <= arity, name_of(*op, text), ": ", nargs, " arguments given, it takes ", arity);
    torch::jit::Stack stack;
    stack.reserve(arity > 4 ? arity : 4);
    for (int32_t i = 0; i < nargs; ++i) stack.push_back(unpack(*op, i, args[i]));
    for (size_t i = nargs; i < arity; ++i) stack.push_back(unpack(*op, i, Arg{kDefault, 0, 0}));
    if (op->function) op->function->run(stack);
    else op->handle->callBoxed(&stack);
    if (stack.size() == 1 && stack[0].isTuple()) {
      auto elements = stack[0].toTupleRef().elements().vec();
      stack.assign(elements.begin(), elements.end());
    }
    TORCH_CHECK(static_cast<int32_t>(stack.size()) <= room, name_of(*op, text), ": ", stack.size(), " results");
    for (size_t i = 0; i < stack.size(); ++i) pack(std::move(stack[i]), results[i]);
    return static_cast<int32_t>(stack.size());
  });
}

NT_API void* nt_compile(const char* source) {
  torch::jit::CompilationUnit* unit = nullptr;
  guarded([&] {
    auto fresh = std::make_unique<torch::jit::CompilationUnit>();
    fresh->define(maybe::nullopt, source, torch::jit::nativeResolver(), nullptr);
    unit = fresh.release();
    return 0;
  });
  return unit;
}

NT_API void nt_free_unit(torch::jit::CompilationUnit* unit) { delete unit; }

NT_API Op* nt_find_in(torch::jit::CompilationUnit* unit, const char* name) {
  Op* found = nullptr;
  guarded([&] {
    auto* function = unit->find_function(c10::QualifiedName(name));
    TORCH_CHECK(function != nullptr, "the compiled unit has no function '", name, "'");
    auto op = make_op(function->getSchema());
    op->function = function;
    found = op.release();
    return 0;
  });
  return found;
}

NT_API void nt_free_op(Op* op) { delete op; }

// ---- what a tensor is

NT_API int32_t nt_dtype(Handle h) { return static_cast<int32_t>(c10::typeMetaToScalarType(h->dtype())); }
NT_API int32_t nt_device_type(Handle h) { return static_cast<int32_t>(h->device().type()); }
NT_API int32_t nt_device_index(Handle h) { return h->device().index(); }
NT_API int64_t nt_dim(Handle h) { return h->dim(); }
NT_API int64_t nt_numel(Handle h) { return h->numel(); }
NT_API int64_t nt_itemsize(Handle h) { return static_cast<int64_t>(h->itemsize()); }
NT_API int64_t nt_storage_offset(Handle h) { return h->storage_offset(); }
NT_API int32_t nt_is_contiguous(Handle h) { return h->is_contiguous(); }
NT_API int32_t nt_requires_grad(Handle h) { return h->requires_grad(); }

NT_API void nt_sizes(Handle h, int64_t* out) {
  auto s = h->sizes();
  std::memcpy(out, s.data(), s.size() * sizeof(int64_t));
}

NT_API void nt_strides(Handle h, int64_t* out) {
  auto s = h->strides();
  std::memcpy(out, s.data(), s.size() * sizeof(int64_t));
}

NT_API void* nt_data(Handle h) {
  void* data = nullptr;
  guarded([&] {
    data = borrow(h).data_ptr();
    return 0;
  });
  return data;
}

enum Property : int32_t { kIsLeaf, kIsSparse, kIsConj, kIsNeg, kIsPinned, kIsMkldnn };

NT_API int32_t nt_is(Handle h, int32_t property) {
  return guarded([&]() -> int32_t {
    at::Tensor t = borrow(h);
    switch (property) {
      case kIsLeaf: return t.is_leaf();
      case kIsSparse: return t.is_sparse();
      case kIsConj: return t.is_conj();
      case kIsNeg: return t.is_neg();
      case kIsPinned: return t.is_pinned();
      case kIsMkldnn: return t.is_mkldnn();
      default: TORCH_CHECK(false, "unknown property ", property);
    }
  });
}

// ---- autograd

NT_API int32_t nt_set_requires_grad(Handle h, int32_t on) {
  return guarded([&] {
    borrow(h).set_requires_grad(on != 0);
    return 0;
  });
}

NT_API int32_t nt_grad(Handle h, Handle* out) {
  return guarded([&] {
    *out = give(borrow(h).grad());
    return 0;
  });
}

NT_API int32_t nt_set_grad(Handle h, Handle grad) {
  return guarded([&] {
    borrow(h).mutable_grad() = borrow(grad);
    return 0;
  });
}

NT_API int32_t nt_retain_grad(Handle h) {
  return guarded([&] {
    borrow(h).retain_grad();
    return 0;
  });
}

// retain_graph: -1 follows create_graph, as in Python.
NT_API int32_t nt_backward(const Handle* tensors, int32_t n, const Handle* grads, int32_t ngrads, int32_t retain_graph,
                           int32_t create_graph, const Handle* inputs, int32_t ninputs) {
  return guarded([&] {
    maybe::optional<bool> retain;
    if (retain_graph >= 0) retain = retain_graph != 0;
    torch::autograd::backward(vector_of(tensors, n), vector_of(grads, ngrads), retain, create_graph != 0, vector_of(inputs, ninputs));
    return 0;
  });
}

NT_API int32_t nt_autograd_grad(const Handle* outputs, int32_t n, const Handle* inputs, int32_t ninputs, const Handle* grads,
                                int32_t ngrads, int32_t retain_graph, int32_t create_graph, int32_t allow_unused, Handle* results) {
  return guarded([&] {
    maybe::optional<bool> retain;
    if (retain_graph >= 0) retain = retain_graph != 0;
    auto found = torch::autograd::grad(vector_of(outputs, n), vector_of(inputs, ninputs), vector_of(grads, ngrads), retain,
                                       create_graph != 0, allow_unused != 0);
    for (size_t i = 0; i < found.size(); ++i) results[i] = give(found[i]);
    return 0;
  });
}

// ---- functions whose backward is managed code

namespace {

// Writes one gradient (an owned handle, or null) for each tensor input; returns 0, or a GCHandle of the exception that it threw.
using ManagedBackward = int64_t (*)(int64_t state, void* context, const Handle* grads, int32_t n, Handle* results);
using ManagedRelease = void (*)(int64_t state);

// What a node knows of its managed side, and lets go with itself.
struct Managed : torch::CustomClassHolder {
  int64_t state;
  ManagedBackward backward;
  ManagedRelease release;
  int32_t inputs;
  Managed(int64_t s, ManagedBackward b, ManagedRelease r, int32_t n) : state(s), backward(b), release(r), inputs(n) {}
  ~Managed() override { release(state); }
};

// What forward, which has already run, left for the node.
struct Forwarded {
  c10::intrusive_ptr<Managed> managed;
  std::vector<at::Tensor> outputs, saved, non_differentiable;
  bool materialize;
};

struct ManagedFunction : torch::autograd::Function<ManagedFunction> {
  static torch::autograd::variable_list forward(torch::autograd::AutogradContext* ctx, Forwarded* done, at::TensorList) {
    ctx->saved_data["managed"] = IValue::make_capsule(done->managed);
    ctx->set_materialize_grads(done->materialize);
    ctx->save_for_backward(done->saved);
    ctx->mark_non_differentiable(done->non_differentiable);
    return done->outputs;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* ctx, torch::autograd::variable_list grads) {
    auto capsule = ctx->saved_data["managed"].toCapsule();
    auto& managed = static_cast<Managed&>(*capsule);
    std::vector<Handle> given, results(managed.inputs, nullptr);
    for (auto& grad : grads) given.push_back(give(grad));
    int64_t error = managed.backward(managed.state, ctx, given.data(), static_cast<int32_t>(given.size()), results.data());
    if (error != 0) throw ManagedError(error);
    torch::autograd::variable_list found{at::Tensor()};   // for what is no tensor
    for (Handle h : results) {
      if (h) live.fetch_sub(1, std::memory_order_relaxed);
      found.push_back(h ? at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(h)) : at::Tensor());
    }
    return found;
  }
};

}  // namespace

// Makes outputs (computed without recording) the results of a node over the inputs. `release` is called once, when the node goes.
NT_API int32_t nt_function(const Handle* inputs, int32_t n, const Handle* outputs, int32_t m, const Handle* saved, int32_t nsaved,
                           const Handle* constants, int32_t nconstants, int32_t materialize, int64_t state,
                           ManagedBackward backward, ManagedRelease release, Handle* results) {
  auto managed = c10::make_intrusive<Managed>(state, backward, release, n);
  return guarded([&] {
    auto given = vector_of(inputs, n);
    Forwarded done{std::move(managed), vector_of(outputs, m), vector_of(saved, nsaved), vector_of(constants, nconstants), materialize != 0};
    auto wrapped = ManagedFunction::apply(&done, at::TensorList(given));
    for (size_t i = 0; i < wrapped.size(); ++i) results[i] = give(wrapped[i]);
    return 0;
  });
}

// The tensors that forward saved; the room is as many as it did.
NT_API int32_t nt_saved(torch::autograd::AutogradContext* ctx, Handle* results, int32_t room) {
  return guarded([&] {
    auto saved = ctx->get_saved_variables();
    TORCH_CHECK(static_cast<int32_t>(saved.size()) == room, saved.size(), " saved tensors, ", room, " expected");
    for (size_t i = 0; i < saved.size(); ++i) results[i] = give(saved[i]);
    return 0;
  });
}

NT_API int32_t nt_grad_enabled() { return c10::GradMode::is_enabled(); }
NT_API void nt_set_grad_enabled(int32_t on) { c10::GradMode::set_enabled(on != 0); }

// ---- generators

NT_API at::Generator* nt_generator(uint64_t seed) { return new at::Generator(at::make_generator<at::CPUGeneratorImpl>(seed)); }
NT_API at::Generator* nt_default_generator() { return new at::Generator(at::detail::getDefaultCPUGenerator()); }
NT_API void nt_free_generator(at::Generator* g) { delete g; }
NT_API uint64_t nt_generator_seed(at::Generator* g) { return g->current_seed(); }
NT_API uint64_t nt_generator_reseed(at::Generator* g) { return g->seed(); }

NT_API void nt_generator_set_seed(at::Generator* g, uint64_t seed) {
  std::lock_guard<std::mutex> lock(g->mutex());
  g->set_current_seed(seed);
}

NT_API int32_t nt_generator_state(at::Generator* g, Handle* out) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(g->mutex());
    *out = give(g->get_state());
    return 0;
  });
}

NT_API int32_t nt_generator_set_state(at::Generator* g, Handle state) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(g->mutex());
    g->set_state(borrow(state));
    return 0;
  });
}

NT_API int32_t nt_manual_seed(uint64_t seed) {
  return guarded([&] {
    at::manual_seed(seed);
    return 0;
  });
}

// ---- the machine

NT_API int32_t nt_num_threads() { return at::get_num_threads(); }
NT_API int32_t nt_num_interop_threads() { return at::get_num_interop_threads(); }

NT_API int32_t nt_set_num_threads(int32_t n) {
  return guarded([&] {
    at::set_num_threads(n);
    return 0;
  });
}

NT_API int32_t nt_set_num_interop_threads(int32_t n) {
  return guarded([&] {
    at::set_num_interop_threads(n);
    return 0;
  });
}

namespace {

// How totals are reported differs between versions.
template <class F>
struct ReportedBytesOf;
template <class C, class Total>
struct ReportedBytesOf<void (C::*)(void*, int64_t, Total, Total, c10::Device)> {
  using type = Total;
};
using ReportedBytes = ReportedBytesOf<decltype(&c10::MemoryReportingInfoBase::reportMemoryUsage)>::type;

// Adds up what this thread's allocators report, as the profiler does.
struct MemoryCount : c10::MemoryReportingInfoBase {
  std::atomic<int64_t> bytes{0}, most{0};
  void reportMemoryUsage(void*, int64_t size, ReportedBytes, ReportedBytes, c10::Device) override {
    int64_t now = bytes.fetch_add(size) + size;
    int64_t seen = most.load();
    while (now > seen && !most.compare_exchange_weak(seen, now)) {}
  }
  bool memoryProfilingEnabled() const override { return true; }
};

thread_local std::shared_ptr<MemoryCount> memory_count;

}  // namespace

// Counts the bytes of tensors that this thread makes and frees from here on.
NT_API int32_t nt_memory_begin() {
  return guarded([] {
    TORCH_CHECK(!memory_count, "memory is counted already on this thread");
    memory_count = std::make_shared<MemoryCount>();
    c10::ThreadLocalDebugInfo::_push(c10::DebugInfoKind::PROFILER_STATE, memory_count);
    return 0;
  });
}

// The bytes that are held now beyond those at the beginning, and the most that ever were.
NT_API int32_t nt_memory_end(int64_t* now, int64_t* most) {
  return guarded([&] {
    TORCH_CHECK(memory_count, "memory is not counted on this thread");
    c10::ThreadLocalDebugInfo::_pop(c10::DebugInfoKind::PROFILER_STATE);
    *now = memory_count->bytes;
    *most = memory_count->most;
    memory_count.reset();
    return 0;
  });
}

NT_API int32_t nt_cuda_count() {
  return guarded([]() -> int32_t {
    if (!at::hasCUDA() || !c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA)) return 0;
    return c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA)->deviceCount();
  });
}

NT_API int32_t nt_has_cudnn() {
  return guarded([]() -> int32_t { return at::hasCUDA() && at::detail::getCUDAHooks().compiledWithCuDNN(); });
}

NT_API int32_t nt_cuda_synchronize(int32_t device) {
  return guarded([&] {
    TORCH_CHECK(at::hasCUDA(), "no CUDA in this libtorch or no device on this machine");
    auto* impl = c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA);
    at::detail::getCUDAHooks().deviceSynchronize(device >= 0 ? static_cast<c10::DeviceIndex>(device) : impl->getDevice().index());
    return 0;
  });
}

NT_API int32_t nt_mkldnn(int32_t set) {
  if (set >= 0) at::globalContext().setUserEnabledMkldnn(set != 0);
  return at::globalContext().userEnabledMkldnn();
}
