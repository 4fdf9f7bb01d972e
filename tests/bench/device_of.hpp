// Which file system and which device a folder is on: a flush is as fast as they are.
#pragma once

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <fstream>
#include <sstream>
#include <string>

namespace bench
{
namespace internal
{
inline std::string first_line(const std::string& path)
{
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    while (!line.empty() && line.back() == ' ')
        line.pop_back();
    return line;
}
}  // namespace internal

/// "ext4 on /dev/nvme0n1p2 (Samsung SSD 980)", as far as the system says.
inline std::string device_of(const std::string& folder)
{
    struct stat info = {};
    if (::stat(folder.c_str(), &info) != 0)
        return "unknown";
    const std::string number =
        std::to_string(major(info.st_dev)) + ":" + std::to_string(minor(info.st_dev));
    std::ifstream mounts("/proc/self/mountinfo");
    std::string line, text = "unknown file system";
    while (std::getline(mounts, line))
    {
        // id parent major:minor root mount options [fields...] - type source options
        std::istringstream words(line);
        std::string id, parent, device, word, type, source;
        words >> id >> parent >> device;
        while (words >> word && word != "-")
        {
        }
        if (device == number && words >> type >> source)
            text = type + " on " + source;
    }
    const std::string block = "/sys/dev/block/" + number;
    for (const char* model : {"/device/model", "/../device/model"})
        if (const std::string name = internal::first_line(block + model); !name.empty())
            text += " (" + name + ")";
    for (const char* queue : {"/queue/", "/../queue/"})
        if (const std::string cache = internal::first_line(block + queue + "write_cache");
            !cache.empty())
            text += ", " + cache;
    return text;
}
}  // namespace bench
