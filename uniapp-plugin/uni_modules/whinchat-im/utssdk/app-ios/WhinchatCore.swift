import Foundation
import UIKit
import WhinchatIM

/// The core behind the functions of index.uts: the vendor-free half of the native plugin's shell, with JSON texts in and out.
/// Nothing happens before the first call: an app may not have the user's consent before.
public final class WhinchatCore {
    private static let context: WhinchatIMContext = {
        let center = NotificationCenter.default
        center.addObserver(forName: UIApplication.didEnterBackgroundNotification, object: nil, queue: nil) { _ in
            WhinchatIMDevice.shared().enterBackground()
        }
        center.addObserver(forName: UIApplication.willEnterForegroundNotification, object: nil, queue: nil) { _ in
            WhinchatIMDevice.shared().enterForeground()
        }
        return WhinchatIMContext()
    }()

    /// Calls a method; `told` gets its answer, on the main thread.
    public static func ask(_ method: String, _ params: String, _ told: @escaping (String) -> Void) {
        call(method, WhinchatIMCallOnce, nil, params, told)
    }

    /// Sets the listener of `setter`; `told` gets each event, on the main thread and in their order.
    public static func listen(_ method: String, _ setter: String, _ told: @escaping (String) -> Void) {
        call(method, WhinchatIMCallListen, setter, "{}", told)
    }

    /// Calls a method that ends the listener which `setter` set.
    public static func unlisten(_ method: String, _ setter: String, _ params: String, _ told: @escaping (String) -> Void) {
        call(method, WhinchatIMCallUnlisten, setter, params, told)
    }

    /// Calls the method that ends every listener.
    public static func endAll(_ method: String, _ params: String, _ told: @escaping (String) -> Void) {
        ask(method, params, told)
    }

    private static func call(
        _ method: String, _ kind: WhinchatIMCallKind, _ setter: String?, _ params: String,
        _ told: @escaping (String) -> Void
    ) {
        let options = try? JSONSerialization.jsonObject(with: Data(params.utf8))
        context.call(method, kind: kind, setter: setter, options: options ?? [:]) { value, _ in
            guard let value = value, let data = try? JSONSerialization.data(withJSONObject: value) else { return }
            let text = String(decoding: data, as: UTF8.self)
            DispatchQueue.main.async { told(text) }
        }
    }
}
