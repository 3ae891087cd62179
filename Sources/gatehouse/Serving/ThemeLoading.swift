import Foundation
import Settings
import Web

extension PageTheme {
    /// The theme of the configuration; ours where it names none. Problems go to standard error, each with file and line.
    static func load(_ settings: PagesSettings) throws -> PageTheme {
        guard let directory = settings.theme else { return .builtIn }
        switch read(try ThemeDirectory(path: directory).files()) {
        case .success(let theme): return theme
        case .failure(let problems):
            for problem in problems.all {
                printError("\(directory)/\(problem.path):\(problem.line):1: \(problem.what); \(problem.mend)")
            }
            throw ExitStatus.configuration
        }
    }
}

/// The files of a theme's directory, two levels deep; hidden ones do not count.
private struct ThemeDirectory {
    let path: String

    /// More is no theme; the reading says so of the first that is too many.
    private static let maximumFiles = 101

    func files() throws -> [ThemeFile] {
        let manager = FileManager.default
        guard let names = try? manager.subpathsOfDirectory(atPath: path) else {
            printError("\(path): the theme's directory cannot be read; check `pages.theme`")
            throw ExitStatus.configuration
        }
        let visible = names.filter { name in !name.split(separator: "/").contains { $0.hasPrefix(".") } }.sorted()
        return visible.compactMap { name -> ThemeFile? in
            var isDirectory = ObjCBool(false)
            guard manager.fileExists(atPath: "\(path)/\(name)", isDirectory: &isDirectory), !isDirectory.boolValue,
                let content = manager.contents(atPath: "\(path)/\(name)")
            else { return nil }
            return ThemeFile(path: name, bytes: [UInt8](content))
        }.prefix(Self.maximumFiles).map { $0 }
    }
}
