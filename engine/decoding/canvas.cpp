#include "engine/decoding/canvas.h"

#include <cassert>

namespace inpaint::engine {

void Canvas::open_block(int width) {
  assert(complete());
  for (Cell& cell : cells_) cell.state = Cell::State::committed;
  open_begin_ = size();
  cells_.resize(cells_.size() + static_cast<std::size_t>(width));
}

void Canvas::set(int index, TokenId token, float confidence) {
  assert(index >= open_begin_ && index < size());
  cells_[static_cast<std::size_t>(index)] = {Cell::State::set, token, confidence};
}

void Canvas::mask(int index) {
  assert(index >= open_begin_ && index < size());
  cells_[static_cast<std::size_t>(index)] = {};
}

void Canvas::append(TokenId token, float probability) {
  assert(complete());
  cells_.push_back({Cell::State::committed, token, probability});
  open_begin_ = size();
}

void Canvas::cut(int size) {
  assert(size >= 0 && size <= this->size());
  cells_.resize(static_cast<std::size_t>(size));
  if (open_begin_ > size) open_begin_ = size;
}

int Canvas::first_mask() const {
  for (int i = open_begin_; i < size(); ++i)
    if (cells_[static_cast<std::size_t>(i)].state == Cell::State::masked) return i;
  return size();
}

std::vector<int> Canvas::masks() const {
  std::vector<int> indices;
  for (int i = open_begin_; i < size(); ++i)
    if (cells_[static_cast<std::size_t>(i)].state == Cell::State::masked) indices.push_back(i);
  return indices;
}

std::vector<TokenId> Canvas::tokens() const {
  const int end = first_mask();
  std::vector<TokenId> tokens;
  tokens.reserve(static_cast<std::size_t>(end));
  for (int i = 0; i < end; ++i) tokens.push_back(cells_[static_cast<std::size_t>(i)].token);
  return tokens;
}

}  // namespace inpaint::engine
