// The element-wise half of a training step, fused: what torch would do in many
// passes over memory. Matrix products stay torch's. See fast.py, which calls
// these and says how they fit together; network.py has the same in plain torch.
//
// Rows are frames (N = B * F), columns are channels. f32 buffers are float,
// bf16 buffers are at::BFloat16 stored as 16-bit words. One thread.

#include <torch/extension.h>

#include <cmath>
#include <cstring>
#include <vector>

using at::Tensor;
using word = uint16_t;

static inline float wide(word w) {
  uint32_t bits = uint32_t(w) << 16;
  float f;
  std::memcpy(&f, &bits, 4);
  return f;
}

static inline word narrow(float f) {  // to nearest, ties to even
  uint32_t bits;
  std::memcpy(&bits, &f, 4);
  return word((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

static inline void put(float* p, float f) { *p = f; }
static inline void put(word* p, float f) { *p = narrow(f); }
static inline float get(const float* p) { return *p; }
static inline float get(const word* p) { return wide(*p); }

// e^x to about 2e-7, in a form that compilers vectorise: 2^round(x / ln 2) times a Taylor polynomial.
static inline float power_of_e(float x) {
  x = x < -87.f ? -87.f : x > 87.f ? 87.f : x;
  float whole = std::nearbyint(x * 1.44269504f);
  float r = x - whole * 0.693359375f + whole * 2.12194440e-4f;
  float p = 1.f + r * (1.f + r * (0.5f + r * (1 / 6.f + r * (1 / 24.f + r * (1 / 120.f + r * (1 / 720.f))))));
  int32_t bits = (int32_t(whole) + 127) << 23;
  float scale;
  std::memcpy(&scale, &bits, 4);
  return p * scale;
}

static inline float sigmoid(float x) { return 1.f / (1.f + power_of_e(-x)); }

static float* f32(const Tensor& t) { return t.data_ptr<float>(); }
static word* b16(const Tensor& t) { return reinterpret_cast<word*>(t.data_ptr<at::BFloat16>()); }
static Tensor rows_f32(int64_t n, int64_t c) { return torch::empty({n, c}, torch::kFloat); }
static Tensor rows_b16(int64_t n, int64_t c) { return torch::empty({n, c}, torch::kBFloat16); }

// x = a * x + b * y (y bf16, may be absent), then LayerNorm without bias.
// Returns the new x (or the old one), the norm's output (f32 or bf16), mean and 1/std per row.
template <class Out>
static void residual_norm_rows(const float* x, const word* y, float a, float b, const float* w, float eps, float* sum,
                               Out* out, float* stats, int64_t n, int64_t c) {
  for (int64_t i = 0; i < n; i++, x += c, out += c, stats += 2) {
    const float* row = x;
    if (y) {
      for (int64_t j = 0; j < c; j++) sum[j] = a * x[j] + b * wide(y[j]);
      row = sum, sum += c, y += c;
    }
    float mean = 0, square = 0;
    for (int64_t j = 0; j < c; j++) mean += row[j];
    mean /= c;
    for (int64_t j = 0; j < c; j++) square += (row[j] - mean) * (row[j] - mean);
    float scale = 1.f / std::sqrt(square / c + eps);
    for (int64_t j = 0; j < c; j++) put(out + j, (row[j] - mean) * scale * w[j]);
    stats[0] = mean, stats[1] = scale;
  }
}

std::vector<Tensor> residual_norm(Tensor x, c10::optional<Tensor> y, double a, double b, Tensor w, double eps,
                                  bool wide_out) {
  int64_t n = x.size(0), c = x.size(1);
  Tensor sum = y ? rows_f32(n, c) : x, stats = rows_f32(n, 2);
  Tensor out = wide_out ? rows_f32(n, c) : rows_b16(n, c);
  const word* added = y ? b16(*y) : nullptr;
  if (wide_out)
    residual_norm_rows(f32(x), added, a, b, f32(w), eps, f32(sum), f32(out), f32(stats), n, c);
  else
    residual_norm_rows(f32(x), added, a, b, f32(w), eps, f32(sum), b16(out), f32(stats), n, c);
  return {sum, out, stats};
}

// The gradient of x: that of the norm plus a * base; and `scale` times it in bf16, and of the norm's weight.
template <class In>
static void norm_backward_rows(const In* g, const float* x, const float* stats, const float* w, const float* base,
                               float a, float scale, float* __restrict gx, word* __restrict gy, float* __restrict gw, int64_t n, int64_t c) {
  for (int64_t i = 0; i < n; i++, g += c, x += c, stats += 2, gx += c, gy += c) {
    float mean = stats[0], inverse = stats[1], sum = 0, dot = 0;
    for (int64_t j = 0; j < c; j++) {
      float normed = (x[j] - mean) * inverse, grad = get(g + j);
      gw[j] += grad * normed;
      sum += grad * w[j];
      dot += grad * w[j] * normed;
    }
    sum /= c, dot /= c;
    for (int64_t j = 0; j < c; j++) {
      float normed = (x[j] - mean) * inverse;
      float grad = inverse * (get(g + j) * w[j] - sum - normed * dot);
      if (base) grad += a * base[j];
      gx[j] = grad;
      gy[j] = narrow(scale * grad);
    }
    if (base) base += c;
  }
}

std::vector<Tensor> norm_backward(Tensor g, Tensor x, Tensor stats, Tensor w, c10::optional<Tensor> base, double a,
                                  double scale) {
  int64_t n = x.size(0), c = x.size(1);
  Tensor gx = rows_f32(n, c), gy = rows_b16(n, c), gw = torch::zeros({c});
  const float* kept = base ? f32(*base) : nullptr;
  if (g.scalar_type() == torch::kFloat)
    norm_backward_rows(f32(g), f32(x), f32(stats), f32(w), kept, a, scale, f32(gx), b16(gy), f32(gw), n, c);
  else
    norm_backward_rows(b16(g), f32(x), f32(stats), f32(w), kept, a, scale, f32(gx), b16(gy), f32(gw), n, c);
  return {gx, gy, gw};
}

Tensor silu(Tensor h) {
  Tensor out = torch::empty_like(h);
  const word* in = b16(h);
  word* to = b16(out);
  int64_t count = h.numel();
  for (int64_t i = 0; i < count; i++) to[i] = narrow(wide(in[i]) * sigmoid(wide(in[i])));
  return out;
}

static inline float silu_slope(float x) {
  float s = sigmoid(x);
  return s * (1.f + x * (1.f - s));
}

Tensor silu_backward(Tensor h, Tensor g) {
  Tensor out = torch::empty_like(h);
  const word *in = b16(h), *grad = b16(g);
  word* to = b16(out);
  int64_t count = h.numel();
  for (int64_t i = 0; i < count; i++) to[i] = narrow(wide(grad[i]) * silu_slope(wide(in[i])));
  return out;
}

// One frame's queries, keys and values, head by head, each head a step further on. Queries and keys are turned by the
// row's angles (cos, sin [D / 2]; sign -1: turned back), queries are scaled as well.
static void turn_row(const word* const from[3], int64_t from_step, word* const to[3], int64_t to_step, const float* cos,
                     const float* sin, float sign, int64_t heads, int64_t d) {
  int64_t half = d / 2;
  for (int64_t which = 0; which < 3; which++)
    for (int64_t h = 0; h < heads; h++) {
      const word* in = from[which] + h * from_step;
      word* out = to[which] + h * to_step;
      if (which == 2) {
        std::memcpy(out, in, 2 * d);
        continue;
      }
      float by = which == 0 ? 1.f / std::sqrt(float(d)) : 1.f;
      for (int64_t j = 0; j < half; j++) {
        float x = wide(in[j]) * by, y = wide(in[j + half]) * by, turn = sign * sin[j];
        out[j] = narrow(x * cos[j] - y * turn);
        out[j + half] = narrow(y * cos[j] + x * turn);
      }
    }
}

// qkv [B * F, 3 * H * D] to q, k, v [B * H, F, D], q and k turned by the angles (cos, sin [F, D / 2]), q scaled.
std::vector<Tensor> split_heads(Tensor qkv, int64_t b, int64_t f, int64_t heads, int64_t d, Tensor cos, Tensor sin) {
  Tensor out = torch::empty({3, b * heads, f, d}, torch::kBFloat16);
  int64_t part = b * heads * f * d, width = heads * d;
  for (int64_t i = 0; i < b; i++)
    for (int64_t t = 0; t < f; t++) {
      const word* row = b16(qkv) + (i * f + t) * 3 * width;
      word* place = b16(out) + (i * heads * f + t) * d;
      const word* from[3] = {row, row + width, row + 2 * width};
      word* to[3] = {place, place + part, place + 2 * part};
      turn_row(from, d, to, f * d, f32(cos) + t * d / 2, f32(sin) + t * d / 2, 1, heads, d);
    }
  return {out[0], out[1], out[2]};
}

// The reverse of split_heads for gradients: turned back, q scaled.
Tensor join_heads_backward(Tensor gq, Tensor gk, Tensor gv, int64_t b, int64_t f, int64_t heads, int64_t d, Tensor cos,
                           Tensor sin) {
  int64_t width = heads * d;
  Tensor out = rows_b16(b * f, 3 * width);
  for (int64_t i = 0; i < b; i++)
    for (int64_t t = 0; t < f; t++) {
      int64_t place = (i * heads * f + t) * d;
      word* row = b16(out) + (i * f + t) * 3 * width;
      const word* from[3] = {b16(gq) + place, b16(gk) + place, b16(gv) + place};
      word* to[3] = {row, row + width, row + 2 * width};
      turn_row(from, f * d, to, d, f32(cos) + t * d / 2, f32(sin) + t * d / 2, -1, heads, d);
    }
  return out;
}

// Softmax of scores [B * H, F, F] over the valid keys (counts [B]), in place; the others get 0.
void softmax(Tensor scores, Tensor counts, int64_t heads) {
  int64_t f = scores.size(2), clips = scores.size(0);
  const int64_t* valid = counts.data_ptr<int64_t>();
  std::vector<float> e(f);
  word* row = b16(scores);
  for (int64_t i = 0; i < clips; i++)
    for (int64_t t = 0; t < f; t++, row += f) {
      int64_t n = valid[i / heads];
      float most = -1e30f, sum = 0;
      for (int64_t j = 0; j < n; j++) most = std::max(most, wide(row[j]));
      for (int64_t j = 0; j < n; j++) e[j] = power_of_e(wide(row[j]) - most);
      for (int64_t j = 0; j < n; j++) sum += e[j];
      float scale = n ? 1.f / sum : 0.f;
      for (int64_t j = 0; j < n; j++) row[j] = narrow(e[j] * scale);
      for (int64_t j = n; j < f; j++) row[j] = 0;
    }
}

// The gradient of the scores, written over that of the probabilities.
void softmax_backward(Tensor p, Tensor gp) {
  int64_t f = p.size(2), rows = p.size(0) * f;
  const word* probability = b16(p);
  word* g = b16(gp);
  for (int64_t i = 0; i < rows; i++, probability += f, g += f) {
    float dot = 0;
    for (int64_t j = 0; j < f; j++) dot += wide(probability[j]) * wide(g[j]);
    for (int64_t j = 0; j < f; j++) g[j] = narrow(wide(probability[j]) * (wide(g[j]) - dot));
  }
}

// GLU over the columns of ab [B * F, 2C]; frames past a clip's count are 0. f32.
Tensor glu(Tensor ab, Tensor counts, int64_t f) {
  int64_t b = counts.size(0), c = ab.size(1) / 2;
  Tensor out = torch::zeros({b * f, c});
  const int64_t* valid = counts.data_ptr<int64_t>();
  for (int64_t i = 0; i < b; i++)
    for (int64_t t = 0; t < valid[i]; t++) {
      const word* in = b16(ab) + (i * f + t) * 2 * c;
      float* to = f32(out) + (i * f + t) * c;
      for (int64_t j = 0; j < c; j++) to[j] = wide(in[j]) * sigmoid(wide(in[c + j]));
    }
  return out;
}

Tensor glu_backward(Tensor ab, Tensor g, Tensor counts, int64_t f) {
  int64_t b = counts.size(0), c = ab.size(1) / 2;
  Tensor out = torch::zeros_like(ab);
  const int64_t* valid = counts.data_ptr<int64_t>();
  for (int64_t i = 0; i < b; i++)
    for (int64_t t = 0; t < valid[i]; t++) {
      const word* in = b16(ab) + (i * f + t) * 2 * c;
      const float* grad = f32(g) + (i * f + t) * c;
      word* to = b16(out) + (i * f + t) * 2 * c;
      for (int64_t j = 0; j < c; j++) {
        float gate = sigmoid(wide(in[c + j]));
        to[j] = narrow(grad[j] * gate);
        to[c + j] = narrow(grad[j] * wide(in[j]) * gate * (1.f - gate));
      }
    }
  return out;
}

constexpr int64_t LANES = 64;  // channels at a time: four registers

// out[t] += sum over k of in[t + k - left] * w[k], 64 channels of one clip; w [K, C].
static void depthwise_clip(const float* in, const float* w, float* out, int64_t f, int64_t c, int64_t kernel,
                           int64_t left) {
  for (int64_t t = 0; t < f; t++) {
    float sum[LANES] = {0};
    int64_t first = std::max<int64_t>(0, left - t), last = std::min(kernel, f + left - t);
    for (int64_t k = first; k < last; k++) {
      const float *x = in + (t + k - left) * c, *v = w + k * c;
#pragma GCC unroll 4
      for (int64_t j = 0; j < LANES; j++) sum[j] += x[j] * v[j];
    }
    for (int64_t j = 0; j < LANES; j++) out[t * c + j] = sum[j];
  }
}

// Depthwise convolution, padding "same": x [B * F, C], w [K, C] -> [B * F, C].
Tensor depthwise(Tensor x, Tensor w, int64_t f, int64_t left) {
  int64_t n = x.size(0), c = x.size(1);
  Tensor out = rows_f32(n, c);
  for (int64_t start = 0; start < n; start += f)
    for (int64_t j = 0; j < c; j += LANES)
      depthwise_clip(f32(x) + start * c + j, f32(w) + j, f32(out) + start * c + j, f, c, w.size(0), left);
  return out;
}

// The gradient of w [K, C]: gw[k] = sum over t of g[t] * x[t + k - left].
Tensor depthwise_weight(Tensor x, Tensor g, int64_t kernel, int64_t f, int64_t left) {
  int64_t n = x.size(0), c = x.size(1);
  Tensor out = torch::zeros({kernel, c});
  for (int64_t start = 0; start < n; start += f)
    for (int64_t j = 0; j < c; j += LANES)
      for (int64_t k = 0; k < kernel; k++) {
        float sum[LANES] = {0};
        int64_t shift = k - left, first = std::max<int64_t>(0, -shift), last = std::min(f, f - shift);
        const float *in = f32(x) + start * c + j, *grad = f32(g) + start * c + j;
        for (int64_t t = first; t < last; t++)
          for (int64_t m = 0; m < LANES; m++) sum[m] += grad[t * c + m] * in[(t + shift) * c + m];
        float* to = f32(out) + k * c + j;
        for (int64_t m = 0; m < LANES; m++) to[m] += sum[m];
      }
  return out;
}

// Mean and variance per channel over the valid frames: [2, C].
Tensor statistics(Tensor x, Tensor counts, int64_t f) {
  int64_t b = counts.size(0), c = x.size(1), n = 0;
  Tensor out = torch::zeros({2, c});
  const int64_t* valid = counts.data_ptr<int64_t>();
  float *__restrict mean = f32(out), *__restrict variance = mean + c;
  for (int64_t i = 0; i < b; i++)
    for (int64_t t = 0; t < valid[i]; t++, n++) {
      const float* in = f32(x) + (i * f + t) * c;
      for (int64_t j = 0; j < c; j++) mean[j] += in[j];
    }
  for (int64_t j = 0; j < c; j++) mean[j] /= n;
  for (int64_t i = 0; i < b; i++)
    for (int64_t t = 0; t < valid[i]; t++) {
      const float* in = f32(x) + (i * f + t) * c;
      for (int64_t j = 0; j < c; j++) variance[j] += (in[j] - mean[j]) * (in[j] - mean[j]);
    }
  for (int64_t j = 0; j < c; j++) variance[j] /= n;
  return out;
}

// silu((x - mean) * inverse * w + bias), bf16.
Tensor normed_silu(Tensor x, Tensor mean, Tensor inverse, Tensor w, Tensor bias) {
  int64_t n = x.size(0), c = x.size(1);
  Tensor out = rows_b16(n, c);
  const float *m = f32(mean), *s = f32(inverse), *weight = f32(w), *shift = f32(bias);
  for (int64_t i = 0; i < n; i++) {
    const float* in = f32(x) + i * c;
    word* to = b16(out) + i * c;
    for (int64_t j = 0; j < c; j++) {
      float z = (in[j] - m[j]) * s[j] * weight[j] + shift[j];
      to[j] = narrow(z * sigmoid(z));
    }
  }
  return out;
}

// One row of normed_silu_backward: the gradient before the norm, and its sums for w and bias.
static void normed_silu_row(const word* __restrict g, const float* __restrict x, const float* __restrict mean,
                            const float* __restrict inverse, const float* __restrict w, const float* __restrict bias,
                            float* __restrict to, float* __restrict dot, float* __restrict sum, int64_t c) {
  for (int64_t j = 0; j < c; j++) {
    float normed = (x[j] - mean[j]) * inverse[j];
    float slope = wide(g[j]) * silu_slope(normed * w[j] + bias[j]);
    to[j] = slope;
    dot[j] += slope * normed;
    sum[j] += slope;
  }
}

// Gradients of x (f32), and of w and bias [2, C]; g is 0 past a clip's count and so is that of x.
std::vector<Tensor> normed_silu_backward(Tensor g, Tensor x, Tensor mean, Tensor inverse, Tensor w, Tensor bias,
                                         Tensor counts, int64_t f) {
  int64_t b = counts.size(0), c = x.size(1), n = 0;
  Tensor gx = torch::zeros_like(x), sums = torch::zeros({2, c});
  const int64_t* valid = counts.data_ptr<int64_t>();
  const float *m = f32(mean), *s = f32(inverse), *weight = f32(w), *shift = f32(bias);
  float *__restrict dot = f32(sums), *__restrict sum = f32(sums) + c;
  for (int64_t i = 0; i < b; i++)
    for (int64_t t = 0; t < valid[i]; t++, n++)
      normed_silu_row(b16(g) + (i * f + t) * c, f32(x) + (i * f + t) * c, m, s, weight, shift,
                      f32(gx) + (i * f + t) * c, dot, sum, c);
  for (int64_t i = 0; i < b; i++)
    for (int64_t t = 0; t < valid[i]; t++) {
      const float* in = f32(x) + (i * f + t) * c;
      float* __restrict to = f32(gx) + (i * f + t) * c;
      for (int64_t j = 0; j < c; j++)
        to[j] = weight[j] * s[j] * (to[j] - (sum[j] + (in[j] - m[j]) * s[j] * dot[j]) / n);
    }
  return {gx, sums};
}

PYBIND11_MODULE(TORCH_EXTENSION_NAME, m) {
  m.def("residual_norm", &residual_norm);
  m.def("norm_backward", &norm_backward);
  m.def("silu", &silu);
  m.def("silu_backward", &silu_backward);
  m.def("split_heads", &split_heads);
  m.def("join_heads_backward", &join_heads_backward);
  m.def("softmax", &softmax);
  m.def("softmax_backward", &softmax_backward);
  m.def("glu", &glu);
  m.def("glu_backward", &glu_backward);
  m.def("depthwise", &depthwise);
  m.def("depthwise_weight", &depthwise_weight);
  m.def("statistics", &statistics);
  m.def("normed_silu", &normed_silu);
  m.def("normed_silu_backward", &normed_silu_backward);
}
