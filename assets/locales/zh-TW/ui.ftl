### 視窗自己說的話。主程式回報的訊息用它自己的字句。

window-title = BandPro
window-title-of = { $title } — BandPro
close = 關閉
cancel = 取消

## 框架。

rooms = 各區
room-library = 樂譜庫
room-score = 樂譜
room-band = 樂團
room-settings = 設定
drop-here = 把樂譜放在這裡匯入

waiting-library = 正在讀樂譜庫
waiting-import = 正在匯入
waiting-open = 正在打開樂譜
waiting-edit = 正在處理樂譜
waiting-sound = 正在準備聲音
waiting-export = 正在匯出
waiting-sync = 正在交換改動
waiting-share = 正在製作邀請
waiting-join = 正在取得分享的內容

status-voice = 聲部 { $voice }
status-place = 第 { $measure } 小節，第 { $beat } 拍
status-nothing-selected = 點一個音符，或按 → 選取第一個音
status-saved = 已儲存
status-saving = 正在儲存
status-input = 輸入音符：{ $value }

fatal-title = 樂譜庫打不開
fatal-words = 沒有改動任何資料。請關閉視窗，排除原因後再打開。

## 樂譜庫。

library-search = 搜尋曲名與作曲者
library-import = 匯入…
library-open = 打開「{ $title }」
library-rename = 重新命名「{ $title }」
library-share = 分享「{ $title }」
library-delete = 刪除「{ $title }」
library-size = { $parts } 個分部 · { $measures } 小節
library-no-picture = 沒有預覽
library-nothing-found = 沒有叫做「{ $asked }」的樂譜。

empty-title = 譜架上還沒有譜
empty-words = 先放進示範樂譜，改一個音聽聽看；或從任何打譜軟體帶一份 MusicXML 檔案過來。
empty-demo = 放進示範樂譜
empty-join = 加入樂團…
empty-drop = 也可以把檔案拖放到視窗的任何地方。

import-kinds = MusicXML 樂譜
import-failed = 「{ $file }」沒有匯入。
import-noted = 「{ $file }」已匯入；其中有 { $count } 處看不懂

rename-title = 重新命名樂譜
rename-field = 曲名
rename-save = 重新命名
delete-title = 要刪除「{ $title }」嗎？
delete-words = 它會從這台筆電，以及所有共用「{ $space }」的筆電上消失。
delete-confirm = 刪除

## 樂譜。

score-of = 樂譜：{ $title }
page = 第 { $page } 頁
transport = 播放
transport-measure = 第 { $measure } 小節
play = 播放
stop = 停止
playback-preparing = 準備中
undo = 復原
redo = 重做
zoom-in = 放大
zoom-out = 縮小
zoom-fit = 符合視窗寬度
zoom-percent = { $percent }%
tree = 依分部與小節排列的樂譜
tree-measure = 第 { $measure } 小節

palette = 所有指令
palette-search = 尋找指令
palette-argument = 請輸入：{ $form }
palette-nothing = 沒有這個名稱的指令

export-title = 匯出樂譜
export-format = 格式
export-part = 分部
export-all-parts = 所有分部
export-dpi = 每英寸點數
export-save = 另存…
export-done = 已寫入 { $count } 個檔案：
export-left-out = 這個格式放不下：
format-pdf = PDF
format-pdf-use = 列印與閱讀
format-musicxml = MusicXML
format-musicxml-use = 給其他打譜軟體
format-mxl = 壓縮的 MusicXML
format-mxl-use = 內容相同，檔案較小
format-mid = MIDI
format-mid-use = 給編曲軟體
format-wav = 聲音（WAV）
format-wav-use = 聆聽
format-png = 圖片（PNG）
format-png-use = 每頁一張
format-svg = 向量圖（SVG）
format-svg-use = 放多大都清晰

## 樂團。

band-devices = 筆電
band-sync-now = 立即同步
band-unnamed = 沒有名稱的筆電
band-last-seen = 上次見到：{ DATETIME($when, dateStyle: "medium", timeStyle: "short") }
band-never-seen = 還沒見過
invite-title = 邀請
invite-words = 一份邀請會打開一個空間和其中所有的樂譜，拿到的人都能進來。只傳給你要邀的人。
invite-what = 要分享什麼
invite-own-space = 我自己的樂譜
invite-space-of = { $space }：「{ $title }」和同一空間的其他樂譜
invite-make = 製作邀請
invite-ready = 把這份邀請到「{ $space }」的文字傳給對方，並讓 BandPro 開著，直到對方用過：
invite-ticket = 邀請
invite-copy = 複製
invite-copied = 已複製
join-title = 加入
join-field = 貼上你收到的邀請
join-do = 加入
join-done = { $count ->
    [0] 你已加入「{ $space }」，裡面還沒有樂譜。
   *[other] 你已加入「{ $space }」，裡面有 { $count } 份樂譜：
}

## 設定。

settings-language = 語言
settings-language-system = 依照系統
settings-theme = 色彩
theme-system = 依照系統
theme-light = 淺色
theme-dark = 深色
theme-contrast = 高對比
settings-paper = 紙張
paper-white = 白色
paper-cream = 米色
paper-dark = 深色
settings-device-name = 這台筆電的名稱
settings-device-name-words = 樂團裡的其他人會看到它。

## 合併之後待決定的事。

conflicts-count = 合併之後有 { $count } 件事待決定
conflict-hand = { $name }，{ $when }
conflict-show = 顯示
