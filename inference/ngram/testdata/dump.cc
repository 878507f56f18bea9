// dump MODEL <sentences >scores: KenLM's own full scores of every word of every
// line and of </s>, each line begun after <s>. For each: float32 log10, then a
// byte for the length of the n-gram found, then one for the length of the state.
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>

#include "lm/model.hh"

template <class Model> void Dump(const Model &model) {
  std::string line;
  while (std::getline(std::cin, line)) {
    typename Model::State state = model.BeginSentenceState(), next;
    std::istringstream words(line + " </s>");
    for (std::string word; words >> word; state = next) {
      lm::FullScoreReturn got = model.FullScore(state, model.GetVocabulary().Index(word), next);
      unsigned char lengths[2] = {got.ngram_length, next.length};
      std::fwrite(&got.prob, sizeof(float), 1, stdout);
      std::fwrite(lengths, 1, 2, stdout);
    }
  }
}

int main(int, char **argv) { Dump(lm::ngram::ProbingModel(argv[1])); }
