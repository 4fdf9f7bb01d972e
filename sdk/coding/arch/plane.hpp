// Plane: the vectors this build multiplies rows with. One for each instruction set, one interface.
#pragma once

#if defined(__GFNI__) && defined(__AVX512BW__)
#include "coding/arch/plane_gfni.hpp"
#elif defined(__AVX2__)
#include "coding/arch/plane_avx2.hpp"
#elif defined(__aarch64__) && defined(__ARM_NEON)
#include "coding/arch/plane_neon.hpp"
#elif defined(__wasm_simd128__)
#include "coding/arch/plane_wasm_simd.hpp"
#endif
#include "coding/arch/plane_words.hpp"

namespace mote::coding::arch
{
#if defined(__GFNI__) && defined(__AVX512BW__)
using Plane = PlaneGfni;
#elif defined(__AVX2__)
using Plane = PlaneAvx2;
#elif defined(__aarch64__) && defined(__ARM_NEON)
using Plane = PlaneNeon;
#elif defined(__wasm_simd128__)
using Plane = PlaneWasmSimd;
#else
using Plane = PlaneWords;
#endif
}  // namespace mote::coding::arch
