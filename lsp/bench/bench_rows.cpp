#include "lsp/bench/bench_rows.h"

#include "lsp/bench/bench_answer_rows.h"
#include "lsp/bench/bench_document_rows.h"
#include "lsp/bench/bench_engine_rows.h"
#include "lsp/bench/bench_sampler.h"
#include "lsp/bench/bench_start_rows.h"

namespace inpaint::lsp {

std::vector<Series> measure(const BenchSubject& subject, const BenchAmount& amount) {
  BenchSampler sampler(subject, amount);
  measure_starts(sampler);
  measure_documents(sampler);
  measure_engine(sampler);
  measure_answers(sampler);
  return sampler.take();
}

}  // namespace inpaint::lsp
