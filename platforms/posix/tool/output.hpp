// How a report is shown: for people, or as one JSON object a line.
#pragma once

#include <cstdio>

#include "bundle_file.hpp"

namespace mote::tool
{
/// Colours only where a person looks.
struct Style
{
    bool colour = false;
};

void print_report(const FileReport& report, const Style& style);
void print_report_json(const FileReport& report);
void print_inspection(const FileReport& report);
void print_inspection_json(const FileReport& report);

/// Writes "mote: " and `text` to standard error.
void print_error(const char* text) noexcept;
}  // namespace mote::tool
